-- What others signed: that they saw a checkpoint of ours at a moment, by the C2SP line of a key that is not ours.
CREATE TABLE audit.cosignature (
    book integer NOT NULL,
    size bigint NOT NULL,
    name text NOT NULL,
    line text NOT NULL,
    signed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (book, size, name),
    FOREIGN KEY (book, size) REFERENCES audit.signed_checkpoint (book, size)
);
