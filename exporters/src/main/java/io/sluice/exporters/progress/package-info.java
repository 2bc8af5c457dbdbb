/// What exporters remember of a batch between two attempts at it. A batch that was refused comes again as
/// the same object, so it is known by that; what had arrived need not be sent twice. And what the attempts
/// themselves work with, which is costly to make.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.progress;
