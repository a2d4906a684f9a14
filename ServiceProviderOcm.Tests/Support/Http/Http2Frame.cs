using System.Buffers.Binary;
using System.Text;

namespace ServiceProviderOcm.Tests.Support.Http;

/// <summary>
/// Frames of HTTP/2, byte by byte (<see href="https://www.rfc-editor.org/rfc/rfc9113#section-4.1">RFC 9113</see>).
/// </summary>
internal static class Http2Frame
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Priority = 2;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte Continuation = 9;

    /// <summary>Flag of the last headers or data of a stream.</summary>
    public const byte EndStream = 1;

    /// <summary>Flag of the last frame of headers.</summary>
    public const byte EndHeaders = 4;

    /// <summary>The header <c>:status: 200</c>, compressed.</summary>
    public const byte Status200 = 0x88;

    private const int HeaderLength = 9;

    // What a client sends before its first frame.
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    public static byte[] Of(byte type, ReadOnlySpan<byte> content = default, byte flags = 0, int stream = 0)
    {
        byte[] frame = [(byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, type, flags, 0, 0, 0, 0, .. content];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        return frame;
    }

    /// <summary>Name and value of a header as they are, without compression; up to 126 bytes each.</summary>
    public static byte[] Header(string name, string value) => [0, .. Text(name), .. Text(value)];

    /// <summary>Sends settings, and reads what a client sends before its first frame.</summary>
    public static async Task OpenAsync(Stream connection)
    {
        await connection.WriteAsync(Of(Settings));
        await connection.ReadExactlyAsync(new byte[Preface.Length]);
    }

    /// <summary>Reads frames up to the next request; returns its stream, or null if the client has closed the connection.</summary>
    public static async Task<int?> ReadRequestAsync(Stream connection)
    {
        var header = new byte[HeaderLength];
        while (await connection.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false) == header.Length)
        {
            await connection.ReadExactlyAsync(new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(1))]);
            if (header[3] == Headers)
            {
                return BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5));
            }
        }

        return null;
    }

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)];
}
