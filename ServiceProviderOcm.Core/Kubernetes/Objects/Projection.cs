using System.Text;
using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Objects;

/// <summary>
/// The fields of a kind that are kept in memory: a tree of property names. A step through a list applies to each of its elements. Name,
/// namespace, uid, resourceVersion, generation and deletionTimestamp are always kept, as <see cref="KubeObject"/> needs them;
/// managedFields never, as they are reduced to a <see cref="FieldOwnership"/>.
/// </summary>
public sealed record Projection
{
    /// <summary>Keeps everything except kubectl's copy of the whole object.</summary>
    public static readonly Projection Everything = new(Node.KeepingOthers(
        ("metadata", Node.KeepingOthers(
            ("managedFields", null),
            ("annotations", Node.KeepingOthers(("kubectl.kubernetes.io/last-applied-configuration", null)))))));

    private static readonly string[] Always = ["name", "namespace", "uid", "resourceVersion", "generation", "deletionTimestamp"];

    private Projection(Node root) => Root = root;

    /// <summary>Whether <see cref="KubeObject.Ownership"/> is read.</summary>
    public bool HasOwnership { get; init; } = true;

    /// <summary>
    /// Whether objects are kept as text, which takes half the memory, and are parsed when they are read: for kinds with many objects, few of
    /// which are read at a time.
    /// </summary>
    public bool IsKeptAsText { get; init; }

    /// <summary>The maximum depth of a field that is kept; an object with a deeper one is not read.</summary>
    public int MaxDepth { get; init; } = 10_000;

    internal Node Root { get; private init; }

    /// <summary>Keeps only these fields, with all that is in them.</summary>
    /// <param name="paths">Property names from the root. A last step that ends with <c>*</c> is a prefix.</param>
    public static Projection Of(params IEnumerable<IReadOnlyList<string>> paths)
    {
        var root = new Node();
        foreach (var path in paths.Concat(Always.Select(name => (IReadOnlyList<string>)["metadata", name])))
        {
            root.Keep(path);
        }

        return new Projection(root);
    }

    /// <summary>The same, with a text that is dropped if it is longer than a limit: for values that have a meaning only if short.</summary>
    /// <param name="path">Property names from the root.</param>
    /// <param name="maxBytes">The limit.</param>
    public Projection WithText(IReadOnlyList<string> path, int maxBytes)
    {
        var root = Root.Copy();
        root.Keep(path).MaxBytes = maxBytes;
        return this with { Root = root };
    }

    /// <summary>The same, with a text of which only the beginning is kept, with an ellipsis, if it is longer than a limit.</summary>
    /// <param name="path">Property names from the root.</param>
    /// <param name="maxBytes">The limit, of the text with its escapes.</param>
    public Projection WithBeginning(IReadOnlyList<string> path, int maxBytes)
    {
        var root = Root.Copy();
        root.Find(path).KeptBytes = maxBytes;
        return this with { Root = root };
    }

    /// <summary>The same, with a limit on a field that is kept.</summary>
    /// <param name="path">Property names from the root.</param>
    /// <param name="limit">The limit.</param>
    public Projection WithLimit(IReadOnlyList<string> path, FieldLimit limit)
    {
        var root = Root.Copy();
        root.Find(path).Limit = limit;
        return this with { Root = root };
    }

    internal Projection WithShared(SharedParts parts)
    {
        var root = Root.Copy();
        root.Keep(parts.Path).Shared = parts;
        return this with { Root = root };
    }

    /// <summary>One step of the tree.</summary>
    internal sealed class Node
    {
        private readonly List<(byte[] Name, Node? Child)> _named = [];
        private readonly List<byte[]> _prefixes = [];

        /// <summary>Keeps all that is below.</summary>
        public static readonly Node All = new() { KeepsOthers = true };

        /// <summary>Whether properties without a node of their own are kept.</summary>
        public bool KeepsOthers { get; private set; }

        /// <summary>Whether all that is below is kept.</summary>
        public bool IsAll => KeepsOthers && _named.Count == 0 && Shared is null;

        /// <summary>The longest text that is kept.</summary>
        public int MaxBytes { get; set; } = int.MaxValue;

        /// <summary>How much is kept of a text.</summary>
        public int KeptBytes { get; set; } = int.MaxValue;

        /// <summary>The limit on the memory that the value takes.</summary>
        public FieldLimit? Limit { get; set; }

        /// <summary>Where an object found here is kept beside the others.</summary>
        public SharedParts? Shared { get; set; }

        public static Node KeepingOthers(params (string Name, Node? Child)[] named)
        {
            var node = new Node { KeepsOthers = true };
            node._named.AddRange(named.Select(entry => (Encoding.UTF8.GetBytes(entry.Name), entry.Child)));
            return node;
        }

        /// <summary>The node of the property that the reader is at; null if it is dropped.</summary>
        public Node? Below(ref Utf8JsonReader reader)
        {
            foreach (var (name, child) in _named)
            {
                if (reader.ValueTextEquals(name))
                {
                    return child;
                }
            }

            if (!reader.ValueIsEscaped)
            {
                foreach (var prefix in _prefixes)
                {
                    if (reader.ValueSpan.StartsWith(prefix))
                    {
                        return All;
                    }
                }
            }

            return KeepsOthers ? All : null;
        }

        public Node Keep(IReadOnlyList<string> path)
        {
            var node = this;
            for (var depth = 0; depth < path.Count; depth++)
            {
                if (path[depth].EndsWith('*'))
                {
                    node._prefixes.Add(Encoding.UTF8.GetBytes(path[depth][..^1]));
                    return node;
                }

                node = node.Next(Encoding.UTF8.GetBytes(path[depth]));
            }

            node.KeepsOthers = true;
            return node;
        }

        /// <summary>The node of a path, without keeping more.</summary>
        public Node Find(IReadOnlyList<string> path)
        {
            var node = this;
            foreach (var name in path)
            {
                node = node.Next(Encoding.UTF8.GetBytes(name));
            }

            return node;
        }

        public Node Copy()
        {
            var copy = new Node { KeepsOthers = KeepsOthers, MaxBytes = MaxBytes, KeptBytes = KeptBytes, Limit = Limit, Shared = Shared };
            copy._named.AddRange(_named.Select(entry => (entry.Name, entry.Child?.Copy())));
            copy._prefixes.AddRange(_prefixes);
            return copy;
        }

        private Node Next(byte[] name)
        {
            foreach (var (known, child) in _named)
            {
                if (child is not null && known.AsSpan().SequenceEqual(name))
                {
                    return child;
                }
            }

            // Below what is kept already, all stays kept.
            var next = new Node { KeepsOthers = KeepsOthers };
            _named.Add((name, next));
            return next;
        }
    }
}
