/// `admin`: HTTP on loopback for `sluice queue` and for people: what is in the queues on disk and among the
/// dead letters; with the token, their content, and dropping and replaying.
///
/// The token is new with each start and lies in a file of mode 0600 in the directory of each storage, so
/// that who may read the files may do with them what this does, and nobody else. [QueueCalls] does the
/// work, and does it for the command line too when no gateway has the directory.
@org.jspecify.annotations.NullMarked
package io.sluice.extensions.admin;
