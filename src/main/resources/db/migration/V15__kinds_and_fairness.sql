-- What a job analyses: image, video or gif; empty where nobody told. Jobs of one kind take about as long as each other.
alter table job add column media_kind varchar(10) default '' not null;
-- What teaches the schedule of a kind: the last finished jobs of it.
create index job_finished_of_kind on job (provider, media_kind, finished_at);

-- How urgent its caller calls a job, 1 to 9; null where he does not say.
alter table job add column priority integer;
-- Who shares what a provider allows: the priority, and what the reference begins with. What waited before counts as one caller's.
alter table job add column caller varchar(300) default '5' not null;
-- The jobs that wait, by caller: the next caller and his oldest job are each one look away.
create index job_of_caller on job (owner nulls first, status, provider, account, caller, registered_at, id);
