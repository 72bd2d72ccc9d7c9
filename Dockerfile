# Logboom's image: put its name where fluent/fluent-bit stood, and the same configuration goes on working.
#
#   ./mvnw -DskipTests package
#   docker build -t logboom:0.1.0 .
#
# The context is the packaged tree, agent-app/target/logboom (.dockerignore admits nothing else but deploy/image).
# Two base images, both by argument:
#   JDK   any image with a JDK 25 on its PATH; used only to link the run-time image
#   BASE  any image with a shell and the same C library as JDK's; the official ones are both on glibc
ARG JDK=eclipse-temurin:25-jdk
ARG BASE=debian:trixie-slim

FROM ${JDK} AS jdk
# What the program and its libraries use, and jcmd for those who look after it.
RUN jlink --output /runtime \
      --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.jcmd,jdk.jfr,jdk.management,jdk.net,jdk.unsupported \
      --strip-java-debug-attributes --no-header-files --no-man-pages

FROM ${BASE}
COPY --from=jdk /runtime /fluent-bit/runtime
COPY agent-app/target/logboom /fluent-bit
COPY deploy/image /fluent-bit/etc
# Classes are loaded and linked here, once, instead of at each start: the cache belongs to this run-time image, these
# jars and these paths, so it is made where it is used.
RUN /fluent-bit/bin/logboom-train
# Log files belong to root, so root is who reads them, as in the image that this one replaces. Whoever reads other
# files may run it as any user: nothing below /fluent-bit is written to. deploy/daemonset.yaml takes all but reading
# away from root.
EXPOSE 2020
ENTRYPOINT ["/fluent-bit/bin/fluent-bit"]
CMD ["-c", "/fluent-bit/etc/fluent-bit.conf"]
