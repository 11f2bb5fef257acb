using System.Numerics;
using System.Security.Cryptography;

namespace Rego.Builtins.Tokens;

/// <summary>
/// Signatures of RFC 8032 on Curve25519, which the platform does not have. Plain big integers: right, but not constant in time,
/// so it is for the tokens of policies and not for guarding keys against somebody on the same machine.
/// </summary>
internal static class Ed25519
{
    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));
    private static readonly BigInteger RootOfMinusOne = BigInteger.ModPow(2, (Prime - 1) / 4, Prime);
    private static readonly Point Zero = new(0, 1, 1, 0);
    private static readonly Point Base = BasePoint();

    /// <summary>Extended coordinates: x = X/Z, y = Y/Z, T = xy/Z.</summary>
    private readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);

    public static bool Verify(byte[] publicKey, byte[] message, byte[] signature)
    {
        if (publicKey.Length != 32 || signature.Length != 64) return false;
        if (Decompress(publicKey) is not { } key || Decompress(signature[..32]) is not { } r) return false;
        var s = Little(signature.AsSpan(32));
        if (s >= Order) return false;
        var h = Mod(Little(SHA512.HashData([.. signature[..32], .. publicKey, .. message])), Order);
        return Same(Multiply(s, Base), Add(r, Multiply(h, key)));
    }

    /// <summary>The public key that belongs to a seed of 32 bytes.</summary>
    public static byte[] PublicKey(byte[] seed) => Compress(Multiply(Scalar(SHA512.HashData(seed)), Base));

    private static BigInteger Scalar(byte[] expanded)
    {
        var bytes = expanded[..32];
        bytes[0] &= 248;
        bytes[31] &= 127;
        bytes[31] |= 64;
        return Little(bytes);
    }

    public static byte[] Sign(byte[] seed, byte[] message)
    {
        var expanded = SHA512.HashData(seed);
        var scalar = Scalar(expanded);
        var publicKey = Compress(Multiply(scalar, Base));
        var r = Mod(Little(SHA512.HashData([.. expanded[32..], .. message])), Order);
        var point = Compress(Multiply(r, Base));
        var h = Mod(Little(SHA512.HashData([.. point, .. publicKey, .. message])), Order);
        return [.. point, .. Bytes(Mod(r + (h * scalar), Order))];
    }

    private static Point BasePoint()
    {
        var y = Mod(4 * Inverse(5));
        var x = RecoverX(y, false)!.Value;
        return new Point(x, y, 1, Mod(x * y));
    }

    private static BigInteger Mod(BigInteger value) => Mod(value, Prime);

    private static BigInteger Mod(BigInteger value, BigInteger modulus)
    {
        var rest = BigInteger.Remainder(value, modulus);
        return rest.Sign < 0 ? rest + modulus : rest;
    }

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(value, Prime - 2, Prime);

    private static BigInteger Little(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: false);

    private static byte[] Bytes(BigInteger value)
    {
        var bytes = new byte[32];
        value.TryWriteBytes(bytes, out _, isUnsigned: true, isBigEndian: false);
        return bytes;
    }

    private static BigInteger? RecoverX(BigInteger y, bool odd)
    {
        if (y >= Prime) return null;
        var square = Mod(((y * y) - 1) * Inverse(Mod((D * y * y) + 1)));
        if (square.IsZero) return odd ? null : BigInteger.Zero;
        var x = BigInteger.ModPow(square, (Prime + 3) / 8, Prime);
        if (Mod((x * x) - square) != 0) x = Mod(x * RootOfMinusOne);
        if (Mod((x * x) - square) != 0) return null;
        return x.IsEven == odd ? Prime - x : x;
    }

    private static Point? Decompress(byte[] bytes)
    {
        var value = Little(bytes);
        var odd = (bytes[31] & 0x80) != 0;
        var y = value & ((BigInteger.One << 255) - 1);
        return RecoverX(y, odd) is { } x ? new Point(x, y, 1, Mod(x * y)) : null;
    }

    private static byte[] Compress(Point p)
    {
        var inverse = Inverse(p.Z);
        var x = Mod(p.X * inverse);
        var bytes = Bytes(Mod(p.Y * inverse));
        if (!x.IsEven) bytes[31] |= 0x80;
        return bytes;
    }

    private static Point Add(Point p, Point q)
    {
        var a = Mod((p.Y - p.X) * (q.Y - q.X));
        var b = Mod((p.Y + p.X) * (q.Y + q.X));
        var c = Mod(2 * p.T * q.T * D);
        var d = Mod(2 * p.Z * q.Z);
        var (e, f, g, h) = (b - a, d - c, d + c, b + a);
        return new Point(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    private static Point Multiply(BigInteger scalar, Point point)
    {
        var result = Zero;
        for (; !scalar.IsZero; scalar >>= 1)
        {
            if (!scalar.IsEven) result = Add(result, point);
            point = Add(point, point);
        }
        return result;
    }

    private static bool Same(Point p, Point q) => Mod((p.X * q.Z) - (q.X * p.Z)).IsZero && Mod((p.Y * q.Z) - (q.Y * p.Z)).IsZero;
}
