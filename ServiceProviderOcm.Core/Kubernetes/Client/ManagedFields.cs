using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// Reduces <c>managedFields</c>, often half of an object, to a <see cref="FieldOwnership"/>, which equal objects share. Clients may send
/// managedFields of any depth and size, so nothing here recurses, and the number of steps of all paths has a limit.
/// </summary>
/// <param name="fieldManager">The field manager whose fields are <see cref="FieldOwnership.Applied"/>.</param>
internal sealed class ManagedFields(string fieldManager)
{
    private readonly WeakCache<FieldOwnership> _known = new();

    /// <summary>Reads the value that the reader is at, up to its end.</summary>
    /// <param name="json">What the reader reads.</param>
    /// <param name="reader">The reader.</param>
    public FieldOwnership Read(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return FieldOwnership.None;
        }

        var again = reader;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hasFields = false;
        var writers = default(Writers);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var isApplied = Start(ref reader, out var fields, ref writers);
            while (Next(isApplied, ref fields, out var root))
            {
                var start = (int)fields.TokenStartIndex;
                fields.Skip();
                hash.AppendData(isApplied is true ? "+"u8 : "-"u8);
                hash.AppendData(Encoding.UTF8.GetBytes(root));
                hash.AppendData(json[start..(int)fields.BytesConsumed]);
                hasFields = true;
            }
        }

        if (!hasFields && !writers.HasProvider)
        {
            return FieldOwnership.None;
        }

        var key = $"{writers.Key}{Convert.ToHexString(hash.GetHashAndReset())}";
        return _known.Find(key) ?? _known.GetOrAdd(key, Build(again));
    }

    private FieldOwnership Build(Utf8JsonReader reader)
    {
        var applied = new FieldPaths();
        var foreign = new FieldPaths();
        var writers = default(Writers);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var isApplied = Start(ref reader, out var fields, ref writers);
            while (Next(isApplied, ref fields, out var root))
            {
                (isApplied is true ? applied : foreign).Add(ref fields, root);
            }
        }

        return new FieldOwnership(applied.All, foreign.All)
        {
            IsWrittenByProvider = writers.HasProvider,
            IsUpdatedByProvider = writers.HasProviderUpdates,
            IsUpdatedLast = writers.IsUpdatedLast,
            HasOtherManager = writers.HasOthers,
        };
    }

    // Reads an entry up to its end. Returns whether the provider has applied its fields, or null if it has none that matter.
    private bool? Start(ref Utf8JsonReader reader, out Utf8JsonReader fields, ref Writers writers)
    {
        fields = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var (isByProvider, isApply, isOfSubresource, hasFields) = (false, false, false, false);
        DateTimeOffset time = default;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.ValueTextEquals("fieldsV1"u8))
            {
                reader.Read();
                fields = reader;
                hasFields = reader.TokenType == JsonTokenType.StartObject;
            }
            else if (reader.ValueTextEquals("manager"u8))
            {
                isByProvider = HasText(ref reader, fieldManager);
            }
            else if (reader.ValueTextEquals("operation"u8))
            {
                isApply = HasText(ref reader, "Apply");
            }
            else if (reader.ValueTextEquals("time"u8))
            {
                reader.Read();
                time = reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var written) ? written : default;
            }
            else if (reader.ValueTextEquals("subresource"u8))
            {
                isOfSubresource = !HasText(ref reader, "");
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }

        var (isApplied, isUpdated) = (isByProvider && isApply && !isOfSubresource, isByProvider && !isApply && !isOfSubresource);
        writers = new Writers(
            writers.HasProvider || isApplied || isUpdated,
            writers.HasProviderUpdates || isUpdated,
            writers.HasOthers || !isByProvider,
            isApplied && time > writers.Applied ? time : writers.Applied,
            isUpdated && time > writers.Updated ? time : writers.Updated);
        return hasFields && !isOfSubresource ? isByProvider && isApply : null;
    }

    // Moves to the value of the next of the three roots.
    private static bool Next(bool? isApplied, ref Utf8JsonReader fields, out string root)
    {
        root = "";
        if (isApplied is null)
        {
            return false;
        }

        while (fields.Read() && fields.TokenType != JsonTokenType.EndObject)
        {
            root = fields.ValueTextEquals("f:spec"u8) ? "spec"
                : fields.ValueTextEquals("f:data"u8) ? "data"
                : fields.ValueTextEquals("f:type"u8) ? "type"
                : "";
            fields.Read();
            if (root.Length > 0)
            {
                return true;
            }

            fields.Skip();
        }

        return false;
    }

    private readonly record struct Writers(
        bool HasProvider, bool HasProviderUpdates, bool HasOthers, DateTimeOffset Applied, DateTimeOffset Updated)
    {
        public bool IsUpdatedLast => Updated > Applied;

        // Without the times, which differ between objects that are equal.
        public (bool, bool, bool, bool) Key => (HasProvider, HasProviderUpdates, HasOthers, IsUpdatedLast);
    }

    private static bool HasText(ref Utf8JsonReader reader, string text)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(text);
    }
}
