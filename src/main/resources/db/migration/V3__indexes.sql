-- The id first: H2 looks up several ids only in the first column, and else compares each of them with every job.
alter table job drop constraint job_is_registered_once;
alter table job add constraint job_is_registered_once unique (job_id, provider);
-- With the owner: what waits for a dead target is passed over in the index, not row by row.
drop index delivery_due;
create index delivery_due on delivery (status, target, due_at, owner);
