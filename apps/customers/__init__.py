"""Who we lend to: identity, contact points, consent."""
