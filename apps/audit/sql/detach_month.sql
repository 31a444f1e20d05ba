-- Takes a month's partitions out of the book; they still exist.
ALTER TABLE audit.operation DETACH PARTITION audit.operation_{month};
ALTER TABLE audit.change DETACH PARTITION audit.change_{month};
ALTER TABLE audit.personal DETACH PARTITION audit.personal_{month}
