-- What the explorer asks for and few operations have: partial, so that an ordinary save pays for none of them.
CREATE INDEX operation_not_allowed ON audit.operation (decision, seq) WHERE decision <> 'allow';
CREATE INDEX operation_authority ON audit.operation (authority text_pattern_ops, seq) WHERE authority <> '';
CREATE INDEX operation_on_behalf ON audit.operation (on_behalf_of, seq) WHERE on_behalf_of <> '';
CREATE INDEX operation_part ON audit.operation (parent_seq) WHERE parent_seq IS NOT NULL;
