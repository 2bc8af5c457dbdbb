/// To which tenant data belongs, for destinations that keep tenants apart by the header `X-Scope-OrgID`
/// (Loki, Tempo, Mimir). The name is a constant, an attribute of the resource or metadata of the request; it
/// is checked as those servers check it, so that no sender gets anything else into a header.
///
/// A batch whose resources belong to several tenants is sent as several, each a batch of slices
/// ([io.sluice.exporters.tenant.TenantSink]).
@org.jspecify.annotations.NullMarked
package io.sluice.exporters.tenant;
