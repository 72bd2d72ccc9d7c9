package io.logboom.input.tail;

/** A file as the kernel knows it, for as long as it exists; the inode is used again afterwards. */
record FileKey(long device, long inode) {}
