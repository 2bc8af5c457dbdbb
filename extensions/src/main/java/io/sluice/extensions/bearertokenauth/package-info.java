/// `bearertokenauth`: a token that is shown to those we send to, and asked of those who send to us.
///
/// Tokens stand in the configuration or in a file, one a line, which is read again when it changes. Whoever
/// sends shows the first; whoever receives takes any.
@org.jspecify.annotations.NullMarked
package io.sluice.extensions.bearertokenauth;
