/**
 * What became of every record: accounts per source and per output whose entries add up. Counted per
 * batch and origin; nothing is kept per record.
 */
@NullMarked
package io.logboom.core.ledger;

import org.jspecify.annotations.NullMarked;
