-- The jobs of an account are found from an index.
create index job_of_account on job (account, id);

-- When a node was told last to read the files of its accounts again: the others hear of it with its heartbeat.
alter table node add column reload_at timestamp with time zone;

-- When jobs became unconfirmed, or were submitted again after that: readers of the stream are told. No column of job, where all others would pay for its index.
create table submit_change (
  job bigint primary key references job on delete cascade,
  changed_at timestamp with time zone not null
);
create index submit_change_at on submit_change (changed_at);
