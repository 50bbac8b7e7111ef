-- Whether the node works: one that was stopped in order has no share of a provider's rate limit.
alter table node add column live boolean default true not null;
