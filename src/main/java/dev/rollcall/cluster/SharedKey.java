package dev.rollcall.cluster;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;

/**
 * Derives a key and a certificate from the secret that the nodes of a cluster share, byte for byte
 * the same on each node. Each trusts that certificate alone, so whoever does not know the secret
 * can neither join nor read along.
 *
 * <p>Whoever connects sees the public key, and can try secrets against it unnoticed. So a secret
 * has 32 characters at least, and each try takes 32 MiB and a tenth of a second.
 */
final class SharedKey {

  private static final int SCRYPT_COST = 1 << 15;
  private static final int SCRYPT_BLOCK = 8;

  /** So many more bits than the curve's order that no key is likelier than another. */
  private static final int KEY_BYTES = 48;

  private static final AlgorithmIdentifier ECDSA =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
  private static final AlgorithmIdentifier P256 =
      new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);
  private static final ECDomainParameters CURVE =
      new ECDomainParameters(CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1));

  /** It is valid for as long as the secret is: from 1 January 2000 to the end of 9999. */
  private static final Time FROM = new Time(new DERUTCTime("000101000000Z"));

  private static final Time UNTIL = new Time(new DERGeneralizedTime("99991231235959Z"));

  private SharedKey() {}

  /**
   * The certificate of a secret.
   *
   * @param cluster the name, so that two clusters with one secret have different keys
   */
  static NodeCertificate of(String secret, String cluster) {
    BigInteger key = key(secret, cluster);
    ECPoint point = CURVE.getG().multiply(key).normalize();
    DERBitString publicKey = new DERBitString(point.getEncoded(false));
    try {
      byte[] certificate = pem("CERTIFICATE", certificate(key, publicKey).getEncoded());
      byte[] privateKey =
          pem(
              "PRIVATE KEY",
              new PrivateKeyInfo(
                      P256, new ECPrivateKey(CURVE.getN().bitLength(), key, publicKey, null))
                  .getEncoded());
      return new NodeCertificate("cluster.secret", certificate, privateKey, certificate);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BigInteger key(String secret, String cluster) {
    byte[] derived =
        SCrypt.generate(
            secret.getBytes(StandardCharsets.UTF_8),
            ("rollcall cluster " + cluster).getBytes(StandardCharsets.UTF_8),
            SCRYPT_COST,
            SCRYPT_BLOCK,
            1,
            KEY_BYTES);
    BigInteger largest = CURVE.getN().subtract(BigInteger.ONE);
    return new BigInteger(1, derived).mod(largest).add(BigInteger.ONE);
  }

  private static DERSequence certificate(BigInteger key, DERBitString publicKey)
      throws IOException {
    X500Name name = new X500Name("CN=Rollcall node");
    V3TBSCertificateGenerator unsigned = new V3TBSCertificateGenerator();
    unsigned.setSerialNumber(new ASN1Integer(1));
    unsigned.setSignature(ECDSA);
    unsigned.setIssuer(name);
    unsigned.setSubject(name);
    unsigned.setStartDate(FROM);
    unsigned.setEndDate(UNTIL);
    unsigned.setSubjectPublicKeyInfo(new SubjectPublicKeyInfo(P256, publicKey.getBytes()));
    ASN1Encodable content = unsigned.generateTBSCertificate();
    return new DERSequence(
        new ASN1Encodable[] {
          content, ECDSA, new DERBitString(sign(key, content.toASN1Primitive().getEncoded("DER")))
        });
  }

  /** By RFC 6979, which needs no random number, so that all nodes sign alike. */
  private static byte[] sign(BigInteger key, byte[] content) throws IOException {
    SHA256Digest digest = new SHA256Digest();
    digest.update(content, 0, content.length);
    byte[] hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, new ECPrivateKeyParameters(key, CURVE));
    ASN1EncodableVector signature = new ASN1EncodableVector();
    for (BigInteger part : signer.generateSignature(hash)) {
      signature.add(new ASN1Integer(part));
    }
    return new DERSequence(signature).getEncoded();
  }

  private static byte[] pem(String what, byte[] encoded) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return ("-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
