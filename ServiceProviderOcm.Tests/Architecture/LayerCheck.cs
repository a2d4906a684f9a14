namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>Compares what the types use with a table of layers. Each line that is returned is an error.</summary>
internal static class LayerCheck
{
    public static IReadOnlyList<string> NotAllowed(IReadOnlyList<Layer> table, IEnumerable<TypeUse> uses)
    {
        var layers = table.ToDictionary(layer => layer.Folder, layer => layer.MayUse);
        return
        [
            .. from use in uses.DistinctBy(use => (use.User, use.Used))
               where use.User.Folder != use.Used.Folder
               where layers.TryGetValue(use.User.Folder, out var mayUse)
                   && !mayUse.Any(pattern => Layer.Covers(pattern, use.Used.Folder))
               orderby use.User.Folder, use.Used.Folder, use.User.Name, use.Used.Name
               select $"{use}; {use.User.Folder} may not use {use.Used.Folder}",
        ];
    }

    public static IReadOnlyList<string> Unused(IReadOnlyList<Layer> table, IEnumerable<TypeUse> uses)
    {
        var used = uses.ToLookup(use => use.User.Folder, use => use.Used.Folder);
        return
        [
            .. from layer in table
               from pattern in layer.MayUse
               where !used[layer.Folder].Any(folder => folder != layer.Folder && Layer.Covers(pattern, folder))
               select $"{layer.Folder} does not use {pattern}",
        ];
    }

    public static IReadOnlyList<string> Folders(IReadOnlyList<Layer> table, IEnumerable<string> folders)
    {
        var existing = folders.ToHashSet();
        var declared = table.Select(layer => layer.Folder).ToHashSet();
        return
        [
            .. existing.Except(declared).Order().Select(folder => $"{folder} has no row in the table"),
            .. declared.Except(existing).Order().Select(folder => $"{folder} has a row in the table, but no sources"),
        ];
    }

    /// <summary>Rows that use a row below them: the table is to be read from top to bottom.</summary>
    public static IReadOnlyList<string> Order(IReadOnlyList<Layer> table) =>
        [
            .. table.SelectMany((layer, index) => layer.MayUse
                .Where(pattern => pattern == layer.Folder || table.Skip(index + 1).Any(below => Layer.Covers(pattern, below.Folder)))
                .Select(pattern => $"{layer.Folder} uses {pattern}, which is not above it")),
        ];
}
