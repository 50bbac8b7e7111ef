-- In the order in which jobs are claimed, of each provider the oldest first: a claim reads no more rows than it takes, however
-- many wait. Nulls first: H2 would read all of them behind the last owner, to find that there is no other.
drop index job_to_watch;
create index job_to_watch on job (owner nulls first, status, provider, registered_at, id);
