namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// Counts, in what the server sends over an HTTP/2 connection, what the client answers by itself: data, and SETTINGS and PING frames unless
/// they acknowledge its own (<see href="https://www.rfc-editor.org/rfc/rfc9113#section-4.1">RFC 9113</see>). Not thread-safe.
/// </summary>
internal sealed class AnsweredFrames
{
    private const int HeaderLength = 9;
    private const byte Data = 0;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte Acknowledgement = 1;

    private readonly byte[] _header = new byte[HeaderLength];
    private int _headerBytes;
    private int _payloadBytes;

    /// <summary>Counts it in what is received next: a frame with the last byte of its header, data as it comes.</summary>
    public (int Frames, int DataBytes) Count(ReadOnlySpan<byte> received)
    {
        var (frames, dataBytes) = (0, 0);
        while (received.Length > 0)
        {
            var payload = Math.Min(_payloadBytes, received.Length);
            dataBytes += _header[3] == Data ? payload : 0;
            _payloadBytes -= payload;
            received = received[payload..];
            var header = Math.Min(HeaderLength - _headerBytes, received.Length);
            received[..header].CopyTo(_header.AsSpan(_headerBytes));
            _headerBytes += header;
            received = received[header..];
            if (_headerBytes == HeaderLength)
            {
                _headerBytes = 0;
                _payloadBytes = (_header[0] << 16) | (_header[1] << 8) | _header[2];
                frames += _header[3] is Settings or Ping && (_header[4] & Acknowledgement) == 0 ? 1 : 0;
            }
        }

        return (frames, dataBytes);
    }
}
