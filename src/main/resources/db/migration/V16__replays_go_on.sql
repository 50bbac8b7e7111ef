-- How far a replay has come at each target: what is before that is not looked at again.
create table replay_place (
  replay bigint not null references replay on delete cascade,
  target varchar(100) not null,
  settled_at timestamp with time zone not null,
  delivery bigint not null,
  primary key (replay, target)
);
-- Whether a delivery was made due again after it had ended; null for no.
alter table delivery add column replayed boolean;
-- What operators ordered, and the replays among it, are forgotten by their age.
create index audit_ordered on audit (ordered_at);
create index replay_ended on replay (ended_at);
