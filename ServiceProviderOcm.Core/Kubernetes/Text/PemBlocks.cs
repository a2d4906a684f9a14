namespace ServiceProviderOcm.Core.Kubernetes.Text;

/// <summary>
/// Finds the blocks of PEM text (RFC 7468) in one pass. <see cref="System.Security.Cryptography.PemEncoding"/> searches the rest of
/// the text anew for each block without an end.
/// </summary>
internal static class PemBlocks
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    /// <summary>All blocks in their order, unreadable ones too. Text between them is skipped.</summary>
    public static List<PemBlock> Read(string text)
    {
        List<PemBlock> blocks = [];
        var end = -1;
        for (var begin = Find(text, Begin, 0); begin < text.Length;)
        {
            var label = LabelAt(text, begin + Begin.Length);
            var content = begin + Begin.Length + label.Length + (label.IsEmpty ? 0 : Dashes.Length);
            var next = Find(text, Begin, content);
            if (end < content)
            {
                end = Find(text, End, content);
            }

            if (label.IsEmpty || end > next || end == text.Length)
            {
                blocks.Add(new PemBlock(label.ToString(), Content: null, HasOwnLines: false));
                begin = next;
                continue;
            }

            blocks.Add(Block(text, begin, label, content, end));
            begin = next;
        }

        return blocks;
    }

    private static PemBlock Block(string text, int begin, ReadOnlySpan<char> label, int content, int end)
    {
        var trailer = text.AsSpan(end + End.Length);
        var isClosed = trailer.StartsWith(label) && trailer[label.Length..].StartsWith(Dashes);
        var base64 = text[content..end];
        return new PemBlock(
            label.ToString(),
            isClosed ? Decode(base64) : null,
            isClosed && StartsLine(text, begin) && EndsLine(text, content) && StartsLine(text, end)
                && EndsLine(text, end + End.Length + label.Length + Dashes.Length));
    }

    private static byte[]? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? bytes[..count] : null;
    }

    private static int Find(string text, string what, int from) =>
        text.IndexOf(what, from, StringComparison.Ordinal) is >= 0 and var at ? at : text.Length;

    // Up to the dashes of the same line.
    private static ReadOnlySpan<char> LabelAt(string text, int from)
    {
        var line = text.AsSpan(from);
        var end = line.IndexOfAny('-', '\n', '\r');
        return end >= 0 && line[end..].StartsWith(Dashes) ? line[..end] : [];
    }

    private static bool StartsLine(string text, int at) => at == 0 || text[at - 1] == '\n';

    private static bool EndsLine(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r')
        {
            at++;
        }

        return at >= text.Length || text[at] == '\n';
    }
}
