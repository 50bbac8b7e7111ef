-- Whether the event has arrived and only the picture behind it has not: then the picture alone is asked for.
alter table delivery add column awaits_picture boolean default false not null;
-- Apart in the index too: pictures that wait for a slow host are passed over by what claims events.
drop index delivery_due;
create index delivery_due on delivery (status, target, awaits_picture, due_at, owner);
