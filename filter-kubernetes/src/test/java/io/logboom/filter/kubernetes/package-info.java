/** Tests of the filter, most of them against a Kubernetes API that answers over real sockets. */
package io.logboom.filter.kubernetes;
