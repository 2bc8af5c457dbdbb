/// `prometheus`: metrics as a page that Prometheus scrapes.
///
/// The last value of each series is kept until it is too old; deltas are added up. Series are kept by the names
/// and labels they have on the page, so two that would look the same there are one. How much may be kept is
/// limited, and charged to the gateway's budget. A page is made of a copy, on a thread apart.
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.prometheuspull;
