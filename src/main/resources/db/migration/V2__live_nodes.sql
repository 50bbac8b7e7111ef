-- Whether the node works: one that was stopped in order has no share of a provider's rate limit.
alter table node add column live boolean default true not null;
-- The owner first: H2 looks up several owners only in the first column.
drop index job_to_watch;
create index job_to_watch on job (owner, status);
