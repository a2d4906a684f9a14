using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Architecture;

[TestFixture]
public sealed class ArchitectureTests
{
    private static readonly IReadOnlyList<Layer> Table = [.. Layers.Core, .. Layers.Worker, .. Layers.Sandbox, .. Layers.Packaging, .. TestLayers.Tests];

    private SourceModel _sources = null!;

    [OneTimeSetUp]
    public void Read_the_sources() => _sources = SourceModel.Read();

    [Test]
    public void Types_use_only_folders_that_the_table_allows() =>
        AssertNone(LayerCheck.NotAllowed(Table, _sources.Uses));

    [Test]
    public void Every_dependency_in_the_table_is_used() =>
        AssertNone(LayerCheck.Unused(Table, _sources.Uses));

    [Test]
    public void Every_folder_has_a_row_in_the_table() =>
        AssertNone(LayerCheck.Folders(Table, _sources.Folders));

    [Test]
    public void Rows_of_the_table_use_only_rows_above_them() =>
        AssertNone(LayerCheck.Order(Table));

    [Test]
    public void No_folders_depend_on_each_other() =>
        AssertNone(FolderCycles.Of(_sources.Uses));

    [Test]
    public void Namespaces_equal_folders() =>
        AssertNone(
        [
            .. _sources.Files
                .Where(file => file.DeclaresType && Path.GetFileName(file.Path) != "Program.cs")
                .Where(file => file.Namespace != "ServiceProviderOcm." + file.Type.Folder.Replace('/', '.'))
                .Select(file => $"{file.Path} declares namespace {file.Namespace}"),
        ]);

    private static void AssertNone(IReadOnlyList<string> errors) =>
        Assert.That(errors.Count, Is.Zero, $"{string.Join('\n', errors)}\n\nThe table: Tests/Architecture/Layers.cs and TestLayers.cs");
}
