-- What a node holds of each provider's rate limit and what it wants, as JSON; null: all of every limit.
alter table node add column shares varchar;
-- One row: who takes a share holds its lock, so that no two nodes take the same.
create table share_lock (id integer primary key);
insert into share_lock (id) values (1);
