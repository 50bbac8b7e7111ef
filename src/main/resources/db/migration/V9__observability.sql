-- Since when an event is on disk.
alter table event add column stored_at timestamp with time zone;
-- What operators are told is an event as any other, and has no job.
alter table event alter column job drop not null;
alter table delivery alter column job drop not null;
-- When another node noticed that this one is lost, and said so; null while it beats.
alter table node add column lost_at timestamp with time zone;
-- The trace in which a job was handed in: traceparent of W3C Trace Context.
alter table job add column traceparent varchar(55);
