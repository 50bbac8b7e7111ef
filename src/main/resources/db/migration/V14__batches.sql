-- Jobs that belong together. Their outcomes are counted in one row, so that nobody reads all of them to know whether they have ended.
alter table job add column batch varchar(200);
create index job_of_batch on job (batch, id);
create index job_of_batch_and_status on job (batch, status, id);

create table batch (
  id varchar(200) primary key,
  -- How many jobs it is to have; null where nobody has said so.
  size bigint,
  total bigint default 0 not null,
  succeeded bigint default 0 not null,
  failed bigint default 0 not null,
  expired bigint default 0 not null,
  -- Names of the targets of its jobs, sorted and parted by blanks; * for all; null as long as it has no job.
  targets varchar,
  created_at timestamp with time zone not null,
  sealed_at timestamp with time zone,
  completed_at timestamp with time zone
);
create index batch_created on batch (created_at);

-- Deliveries of batches' events that wait for those of their jobs at the same target, and from which job on none is missing.
-- No foreign key: whoever deletes a delivery would look here.
create table held_delivery (
  delivery bigint primary key,
  target varchar(100) not null,
  batch varchar(200) not null,
  before_job bigint not null,
  due_at timestamp with time zone not null
);
create index held_delivery_due on held_delivery (target, due_at);
