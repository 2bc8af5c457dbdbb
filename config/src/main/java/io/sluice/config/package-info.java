/// From YAML to a [io.sluice.service.Plan], and from the records of the components to everything that
/// describes them: the printed configuration, the JSON Schema, the manual.
///
/// The only package that knows YAML. A configuration passes through it in one direction: texts of
/// several sources, one merged [Tree], the tree with its `${...}` replaced, typed records, the plan.
/// Each value keeps the place it was written at, and every mistake of all files is reported at once.
@org.jspecify.annotations.NullMarked
package io.sluice.config;
