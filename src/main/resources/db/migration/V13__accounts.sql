-- The account at the provider whose key a job is asked with, for ever.
alter table job add column account varchar(100) default 'default' not null;
-- Each account's jobs wait in a line of their own, the oldest first: one that is paused holds up none of another's.
drop index job_to_watch;
create index job_to_watch on job (owner nulls first, status, provider, account, registered_at, id);
-- A pause may be one account's: the provider's name, a slash and its own.
alter table pause alter column name set data type varchar(201);
