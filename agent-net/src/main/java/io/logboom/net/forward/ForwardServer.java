package io.logboom.net.forward;

import io.logboom.net.stream.StreamTarget;

/**
 * One of the servers that frames may go to.
 *
 * @param weight how many of the sends it gets, beside the others' weights; at least 1
 */
public record ForwardServer(StreamTarget target, int weight, Credentials credentials) {}
