namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Checks the types of all fields, as decoding does in client-go: also of entries that are not used. Unknown fields are ignored.
/// </summary>
/// <remarks>https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/</remarks>
internal static class KubeconfigSchema
{
    private delegate void FieldCheck(ConfigNode node);

    private static readonly FieldCheck Text = node => node.AsText();
    private static readonly FieldCheck Flag = node => node.AsFlag();
    private static readonly FieldCheck Bytes = node => node.AsBytes();
    private static readonly FieldCheck Extensions = List(Object(new() { ["name"] = Text }));

    private static readonly FieldCheck Cluster = Object(new()
    {
        ["server"] = Text,
        ["tls-server-name"] = Text,
        ["insecure-skip-tls-verify"] = Flag,
        ["certificate-authority"] = Text,
        ["certificate-authority-data"] = Bytes,
        ["proxy-url"] = Text,
        ["disable-compression"] = Flag,
        ["extensions"] = Extensions,
    });

    private static readonly FieldCheck Exec = Object(new()
    {
        ["command"] = Text,
        ["args"] = List(Text),
        ["env"] = List(Object(new() { ["name"] = Text, ["value"] = Text })),
        ["apiVersion"] = Text,
        ["installHint"] = Text,
        ["provideClusterInfo"] = Flag,
        ["interactiveMode"] = Text,
    });

    private static readonly FieldCheck User = Object(new()
    {
        ["client-certificate"] = Text,
        ["client-certificate-data"] = Bytes,
        ["client-key"] = Text,
        ["client-key-data"] = Bytes,
        ["token"] = Text,
        ["tokenFile"] = Text,
        ["as"] = Text,
        ["as-uid"] = Text,
        ["as-groups"] = List(Text),
        ["as-user-extra"] = Map(List(Text)),
        ["username"] = Text,
        ["password"] = Text,
        ["auth-provider"] = Object(new() { ["name"] = Text, ["config"] = Map(Text) }),
        ["exec"] = Exec,
        ["extensions"] = Extensions,
    });

    private static readonly FieldCheck Context = Object(new()
    {
        ["cluster"] = Text,
        ["user"] = Text,
        ["namespace"] = Text,
        ["extensions"] = Extensions,
    });

    private static readonly FieldCheck Root = Object(new()
    {
        ["apiVersion"] = OneOf("v1"),
        ["kind"] = OneOf("Config"),
        ["preferences"] = Object(new() { ["colors"] = Flag, ["extensions"] = Extensions }),
        ["clusters"] = NamedList("cluster", Cluster),
        ["users"] = NamedList("user", User),
        ["contexts"] = NamedList("context", Context),
        ["current-context"] = Text,
        ["extensions"] = Extensions,
    });

    /// <exception cref="Client.KubeconfigException">A field is of another type, or a name is used twice.</exception>
    public static void Check(ConfigNode root) => Root(root);

    private static FieldCheck Object(Dictionary<string, FieldCheck> fields) => node =>
    {
        foreach (var (name, field) in node.Fields)
        {
            if (fields.TryGetValue(name, out var check))
            {
                check(field);
            }
        }
    };

    private static FieldCheck Map(FieldCheck value) => node =>
    {
        foreach (var (_, field) in node.Fields)
        {
            value(field);
        }
    };

    private static FieldCheck List(FieldCheck item) => node =>
    {
        foreach (var each in node.AsItems().Where(each => !each.IsNull))
        {
            item(each);
        }
    };

    private static FieldCheck NamedList(string content, FieldCheck check)
    {
        var entries = List(Object(new() { ["name"] = Text, [content] = check }));
        return node =>
        {
            entries(node);
            HashSet<string> names = [];
            foreach (var entry in node.AsItems().Where(entry => !entry.IsNull && !names.Add(entry.Text("name") ?? "")))
            {
                throw entry.Field("name").Error("is used twice");
            }
        };
    }

    private static FieldCheck OneOf(string value) => node =>
    {
        if (node.AsText() != value)
        {
            throw node.Error($"must be {value}");
        }
    };
}
