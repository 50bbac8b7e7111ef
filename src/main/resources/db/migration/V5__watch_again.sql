-- A job that has expired can be watched again: how often it was begun to be watched.
alter table job add column run integer default 1 not null;
-- Which process beats under a node's name: two at a time are one too many.
alter table node add column instance varchar(36);
