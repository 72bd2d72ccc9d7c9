package io.logboom.core.ledger;

/**
 * Something that does not add up.
 *
 * @param place which account, and what of it
 * @param records by how many records; with the sign that the difference has
 * @param stamp another number once anything has been entered in that account
 * @param text a sentence
 */
record Discrepancy(String place, long records, long stamp, String text) {}
