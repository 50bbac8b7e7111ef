-- Retention goes through the finished jobs of all providers, oldest first.
create index job_finished_at on job (finished_at);

-- A page of each list is read from an index that ends with the id, whatever filters it.
create index job_of_status on job (status, id);
create index job_of_provider on job (provider, id);
create index job_of_provider_and_status on job (provider, status, id);

-- For deliveries one does: what names no status or target asks for a page of each.
create index delivery_listed on delivery (target, status, id);
create index delivery_settled on delivery (target, status, settled_at, id);

-- What a node owns, and who owns anything, is looked up without what has no owner: where nulls come last, H2 reads them.
create index delivery_of_owner on delivery (owner nulls first, status);

-- The events that are inserted together are packed into the first of their rows; those stored before stay as they are.
alter table event add column packed bytea;
alter table event alter column body drop not null;
alter table event alter column file_name drop not null;

-- Of what is delivered: whether its picture is missing, so that a replay finds it in the index.
update delivery set awaits_picture = (reason is not null)
where status = 'DELIVERED' and awaits_picture <> (reason is not null);
