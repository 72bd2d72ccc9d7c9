package io.logboom.net.server;

/**
 * One request, read whole.
 *
 * @param method in upper case; {@code HEAD} is given as {@code GET}, its answer's body is not sent
 * @param path without the query, decoded
 * @param query behind the question mark, as sent; empty where there is none
 * @param body empty where there is none
 */
public record Request(String method, String path, String query, byte[] body) {}
