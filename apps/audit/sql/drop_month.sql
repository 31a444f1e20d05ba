-- Ends a month's partitions, which were taken out of the book.
DROP TABLE audit.operation_{month}, audit.change_{month}, audit.personal_{month}
