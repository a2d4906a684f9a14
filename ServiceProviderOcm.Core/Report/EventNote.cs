using System.Text;

namespace ServiceProviderOcm.Core.Report;

/// <summary>The message of an Event, as long as API servers accept.</summary>
internal static class EventNote
{
    private const int LongestNote = 1024;

    public static string Of(string message)
    {
        var end = message.Length;
        while (Encoding.UTF8.GetByteCount(message.AsSpan(0, end)) > LongestNote)
        {
            end--;
        }

        return message[..end];
    }
}
