package io.sluice.transport.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Certificates and keys in PEM. Keys come as PKCS#8, PKCS#1 (`RSA PRIVATE KEY`) or SEC 1 (`EC PRIVATE
/// KEY`); the JDK reads the first, and the others are that one's inner part.
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \\1-----");
  private static final byte[] RSA_ALGORITHM = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };
  private static final byte[] EC_OID = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1
  };
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xa0;

  private Pem() {}

  static List<X509Certificate> certificates(String pem, String where) throws IOException {
    var certificates = new ArrayList<X509Certificate>();
    var blocks = BLOCK.matcher(pem);
    try {
      var factory = CertificateFactory.getInstance("X.509");
      while (blocks.find()) {
        if (blocks.group(1).endsWith("CERTIFICATE")) {
          var der = new ByteArrayInputStream(der(blocks.group(2)));
          certificates.add((X509Certificate) factory.generateCertificate(der));
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(where + ": not a certificate in PEM", e);
    }
    if (certificates.isEmpty()) {
      throw new IOException(where + ": no certificate in PEM found");
    }
    return List.copyOf(certificates);
  }

  static PrivateKey key(String pem, String where) throws IOException {
    var blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      try {
        switch (blocks.group(1)) {
          case "PRIVATE KEY" -> {
            return anyOf(der(blocks.group(2)));
          }
          case "RSA PRIVATE KEY" -> {
            return anyOf(pkcs8(RSA_ALGORITHM, der(blocks.group(2))));
          }
          case "EC PRIVATE KEY" -> {
            var der = der(blocks.group(2));
            return anyOf(pkcs8(field(SEQUENCE, join(EC_OID, curveOf(der))), der));
          }
          case "ENCRYPTED PRIVATE KEY" ->
              throw new IOException(where + ": the key is encrypted (expected: a plain one)");
          default -> {}
        }
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw new IOException(where + ": not a private key in PEM", e);
      }
    }
    throw new IOException(where + ": no private key in PEM found");
  }

  private static byte[] der(String base64) {
    return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
  }

  private static PrivateKey anyOf(byte[] pkcs8) throws GeneralSecurityException {
    for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException _) {
        // of another algorithm
      }
    }
    throw new InvalidKeySpecException("neither RSA nor EC nor EdDSA");
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return field(SEQUENCE, join(VERSION_0, algorithm, field(OCTETS, key)));
  }

  /// The OID in `ECPrivateKey ::= SEQUENCE { version, privateKey, [0] parameters, ... }`.
  private static byte[] curveOf(byte[] der) {
    int at = contentAt(der, 0);
    while (at < der.length) {
      int start = contentAt(der, at);
      int length = lengthOf(der, at);
      if ((der[at] & 0xff) == PARAMETERS) {
        return java.util.Arrays.copyOfRange(der, start, start + length);
      }
      at = start + length;
    }
    throw new IllegalArgumentException("no curve");
  }

  private static int contentAt(byte[] der, int at) {
    return at + 2 + (der[at + 1] < 0 ? der[at + 1] & 0x7f : 0);
  }

  private static int lengthOf(byte[] der, int at) {
    if (der[at + 1] >= 0) {
      return der[at + 1];
    }
    int length = 0;
    for (int i = 0; i < (der[at + 1] & 0x7f); i++) {
      length = (length << 8) | (der[at + 2 + i] & 0xff);
    }
    if (length < 0 || length > der.length) {
      throw new IllegalArgumentException("length");
    }
    return length;
  }

  private static byte[] field(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
