using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>The parsed forms of the texts that were read last. Thread-safe: a form that another thread replaces is parsed again.</summary>
internal sealed class ParsedTexts
{
    // Of these, a reconciliation reads about ten.
    private const int Count = 512;

    private readonly Entry?[] _entries = new Entry?[Count];

    /// <summary>The parsed form of a text, which nobody changes.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public JsonElement Of(byte[] text)
    {
        ref var entry = ref _entries[(uint)RuntimeHelpers.GetHashCode(text) % Count];
        if (Volatile.Read(ref entry) is { } known && ReferenceEquals(known.Text, text))
        {
            return known.Json;
        }

        var parsed = JsonReading.Parse(text);
        Volatile.Write(ref entry, new Entry(text, parsed));
        return parsed;
    }

    private sealed record Entry(byte[] Text, JsonElement Json);
}
