-- A job is a row from its request on: while it is being submitted it has no id of its provider's yet.
alter table job alter column job_id drop not null;
alter table job alter column status set data type varchar(20);

-- The caller's id of a request, or one that Vedette made: the same one twice is one job.
alter table job add column request_id varchar(400);
alter table job add constraint job_of_request unique (request_id);

-- When it was begun to be sent, null before and once it is sure that it was not taken: that it was sent is on disk first.
alter table job add column sent_at timestamp with time zone;

-- When it is sent next, and how often it was in vain.
alter table job add column due_at timestamp with time zone;
alter table job add column tries integer default 0 not null;

-- Where only so many jobs may be in flight: which are, or were until a moment ago. Who adds one holds the lock.
create table submit_lock (account varchar(300) primary key);
create table in_flight (
  job bigint primary key references job on delete cascade,
  account varchar(300) not null
);
create index in_flight_of_account on in_flight (account);

-- Orders have longer names.
alter table audit alter column act set data type varchar(20);
