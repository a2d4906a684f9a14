using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>Collects the paths of <c>fieldsV1</c>.</summary>
internal sealed class FieldPaths
{
    /// <summary>The limit of steps of all paths together.</summary>
    public const int MostSteps = 65_536;

    /// <summary>The limit of the names in all paths, in bytes: more than a ConfigMap of 1,000 keys of any length has.</summary>
    public const int MostBytes = 256 << 10;

    private readonly List<IReadOnlyList<string>> _all = [];
    private int _steps;
    private int _bytes;

    /// <summary>All paths, as property names from the root.</summary>
    public IReadOnlyList<IReadOnlyList<string>> All => _all;

    /// <summary>
    /// Adds the paths of a field's value, up to its end: <c>f:name</c> is a field below; <c>k:{…}</c>, <c>v:…</c> and <c>i:…</c> are
    /// elements of a list, which counts as one field here.
    /// </summary>
    public void Add(ref Utf8JsonReader reader, string root)
    {
        List<string> path = [root];
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            Add(path);
            return;
        }

        // For each open object, whether it has no fields below.
        var leaves = new Stack<bool>([true]);
        while (leaves.Count > 0 && reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                if (leaves.Pop())
                {
                    Add(path);
                }

                path.RemoveAt(path.Count - 1);
            }
            else if (NameOf(ref reader) is not { } name)
            {
                reader.Read();
                reader.Skip();
            }
            else
            {
                leaves.Pop();
                leaves.Push(false);
                path.Add(name);
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    leaves.Push(true);
                }
                else
                {
                    reader.Skip();
                    Add(path);
                    path.RemoveAt(path.Count - 1);
                }
            }
        }
    }

    // Null if it is not the name of a field.
    private string? NameOf(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped && !reader.ValueSpan.StartsWith("f:"u8))
        {
            return null;
        }

        var bytes = _bytes + reader.ValueSpan.Length;
        if (bytes > MostBytes)
        {
            throw new UnreadableObjectException(
                new LimitExcess("OwnershipBytes", "the names in managedFields have at least", bytes, MostBytes) { IsSetting = false });
        }

        try
        {
            var name = reader.GetString()!;
            if (!name.StartsWith("f:", StringComparison.Ordinal))
            {
                return null;
            }

            _bytes = bytes;
            return name[2..];
        }
        catch (InvalidOperationException)
        {
            throw new UnreadableObjectException("managedFields has a name that is not valid Unicode");
        }
    }

    private void Add(List<string> path)
    {
        _steps += path.Count;
        if (_steps > MostSteps)
        {
            throw new UnreadableObjectException(
                new LimitExcess("OwnershipSteps", "the paths in managedFields have at least", _steps, MostSteps, "steps") { IsSetting = false });
        }

        _all.Add([.. path]);
    }
}
