/// `sluice queue`: looks at what is on disk, takes it out, drops it, puts dead letters back, and checks it.
///
/// If a gateway has the directory, its admin port is asked ([PortCaller]), which it names in the directory;
/// else the files are read, or claimed for as long as it takes to change them ([FilesCaller]). Both answer
/// the same calls, so that nothing depends on which of them it is.
@org.jspecify.annotations.NullMarked
package io.sluice.distribution.queue;
