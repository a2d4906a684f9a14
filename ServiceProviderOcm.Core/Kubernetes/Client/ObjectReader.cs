using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>
/// Reads objects from UTF-8, in one pass, and keeps only the fields of their kind's projection. Kind and apiVersion are those of the
/// request: items in lists of built-in kinds have none of their own.
/// </summary>
internal sealed class ObjectReader
{
    private static readonly Projection.Node Changes = Kept("manager", "operation", "subresource", "time");

    private readonly KubernetesApiOptions _options;
    private readonly ManagedFields _managedFields;

    // Nothing is kept of kinds that servers name: a hostile one has any number of them.
    private readonly FrozenDictionary<ResourceKind, Projection> _shared;

    public ObjectReader(KubernetesApiOptions options)
    {
        _options = options;
        _managedFields = new ManagedFields(options.FieldManager);
        _shared = options.SharedParts.ToFrozenDictionary(parts => parts.Kind, parts => OwnProjectionOf(parts.Kind).WithShared(parts));
    }

    /// <summary>Reads the object that is the answer to a request, which may have no name if its kind is not stored.</summary>
    /// <exception cref="JsonException">It cannot be read.</exception>
    /// <exception cref="TooLongException">It has too many fields.</exception>
    public KubeObject Read(ResourceKind kind, ReadOnlySpan<byte> json) => Read(kind, json, isStored: false);

    /// <summary>Reads an object of a list or watch.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="TooLongException">It has too many fields.</exception>
    public bool TryRead(
        ResourceKind kind,
        ReadOnlySpan<byte> json,
        [NotNullWhen(true)] out KubeObject? read,
        [NotNullWhen(false)] out UnreadableObject? unreadable)
    {
        try
        {
            (read, unreadable) = (Read(kind, json, isStored: true), null);
            return true;
        }
        catch (UnreadableObjectException exception)
        {
            (read, unreadable) = (null, ObjectIdentity.Of(json, exception.Message) with { Excess = exception.Excess });
            return false;
        }
    }

    private KubeObject Read(ResourceKind kind, ReadOnlySpan<byte> json, bool isStored)
    {
        if (!Utf8.IsValid(json))
        {
            throw new UnreadableObjectException("it is not valid UTF-8");
        }

        var reader = new Utf8JsonReader(json, JsonReading.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new UnreadableObjectException("it is not a JSON object");
        }

        var projection = _shared.GetValueOrDefault(kind) ?? OwnProjectionOf(kind);
        var buffer = new ArrayBufferWriter<byte>(Math.Min(json.Length / 4, 4096) + 64);
        var copy = new FieldCopy(buffer, projection.MaxDepth, _options.Limits.ObjectFields ?? int.MaxValue);
        var ownership = FieldOwnership.None;
        copy.StartObject();
        copy.Text("apiVersion"u8, kind.ApiVersion);
        copy.Text("kind"u8, kind.Kind);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.ValueTextEquals("apiVersion"u8) || reader.ValueTextEquals("kind"u8))
            {
                copy.Field(ref reader, node: null);
            }
            else if (reader.ValueTextEquals("metadata"u8))
            {
                Metadata(json, ref reader, ref copy, projection, ref ownership);
            }
            else
            {
                copy.Field(ref reader, projection.Root.Below(ref reader));
            }
        }

        copy.EndObject();
        reader.Read();
        if (copy.Fields > _options.Limits.ObjectFields)
        {
            throw new TooLongException(LimitExcess.ObjectFields(
                ObjectIdentity.NameOfBeginning(kind, json, depth: 1), copy.Fields, _options.Limits.ObjectFields.Value));
        }

        var read = projection.IsKeptAsText
            ? KubeObject.OfText(buffer.WrittenSpan, ownership, copy.Shared)
            : new KubeObject(JsonReading.Parse(buffer.WrittenSpan), ownership, copy.Shared);
        if (ObjectIdentity.Error(read, isStored) is { } error)
        {
            throw new UnreadableObjectException(error);
        }

        return read;
    }

    private void Metadata(
        ReadOnlySpan<byte> json, ref Utf8JsonReader reader, ref FieldCopy copy, Projection projection, ref FieldOwnership ownership)
    {
        var node = projection.Root.Below(ref reader) ?? throw new InvalidOperationException("metadata is always kept");
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new UnreadableObjectException("metadata is not an object");
        }

        copy.StartField("metadata"u8);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (!reader.ValueTextEquals("managedFields"u8))
            {
                copy.Field(ref reader, node.Below(ref reader));
                continue;
            }

            if (_options.KeepsChanges)
            {
                var changes = reader;
                copy.Field(ref changes, Changes);
            }

            if (projection.HasOwnership)
            {
                reader.Read();
                ownership = _managedFields.Read(json, ref reader);
            }
            else
            {
                copy.Field(ref reader, node: null);
            }
        }

        copy.EndObject();
    }

    private static Projection.Node Kept(params string[] names)
    {
        var node = new Projection.Node();
        foreach (var name in names)
        {
            node.Keep([name]);
        }

        return node;
    }

    private Projection OwnProjectionOf(ResourceKind kind) =>
        _options.Projections.GetValueOrDefault(kind) ?? _options.GroupProjections.GetValueOrDefault(kind.Group, Projection.Everything);
}
