using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Architecture;

[TestFixture]
public sealed class LayerCheckTests
{
    private static readonly IReadOnlyList<Layer> Table =
    [
        new("Shop/Model"),
        new("Shop/Orders", "Shop/Model"),
        new("Shop/Web/Pages", "Shop/Orders"),
        new("Shop/Web", "Shop/Web/*"),
    ];

    private static readonly IReadOnlyList<TypeUse> Allowed =
    [
        Use("Shop/Orders/Cart", "Shop/Model/Article"),
        Use("Shop/Orders/Cart", "Shop/Orders/Line"),
        Use("Shop/Web/Pages/CartPage", "Shop/Orders/Cart"),
        Use("Shop/Web/Site", "Shop/Web/Pages/CartPage"),
    ];

    [Test]
    public void Dependencies_of_the_table_are_allowed() =>
        Assert.Multiple(() =>
        {
            Assert.That(LayerCheck.NotAllowed(Table, Allowed), Is.Empty);
            Assert.That(LayerCheck.Unused(Table, Allowed), Is.Empty);
            Assert.That(LayerCheck.Order(Table), Is.Empty);
            Assert.That(FolderCycles.Of(Allowed), Is.Empty);
        });

    [Test]
    public void A_dependency_that_is_not_in_the_table_is_reported_with_both_types_and_folders() =>
        Assert.That(
            LayerCheck.NotAllowed(Table, [.. Allowed, Use("Shop/Model/Article", "Shop/Web/Pages/CartPage")]),
            Has.One.EqualTo("Shop/Model/Article uses Shop/Web/Pages/CartPage (in Member); Shop/Model may not use Shop/Web/Pages"));

    [Test]
    public void A_parent_folder_in_a_row_does_not_allow_the_folders_below_it() =>
        Assert.That(
            LayerCheck.NotAllowed(
                [new("Shop/Web/Pages"), new("Shop/Web"), new("Shop", "Shop/Web")],
                [Use("Shop/Start", "Shop/Web/Pages/CartPage")]),
            Has.One.Items);

    [Test]
    public void A_dependency_in_the_table_that_no_type_has_is_reported() =>
        Assert.That(LayerCheck.Unused(Table, [.. Allowed.Skip(1)]), Has.One.EqualTo("Shop/Orders does not use Shop/Model"));

    [Test]
    public void A_folder_without_a_row_and_a_row_without_a_folder_are_reported() =>
        Assert.That(
            string.Join('\n', LayerCheck.Folders(Table, ["Shop/Model", "Shop/Orders", "Shop/Web", "Shop/Stock"])),
            Is.EqualTo("Shop/Stock has no row in the table\nShop/Web/Pages has a row in the table, but no sources"));

    [Test]
    public void A_row_that_uses_a_row_below_it_is_reported() =>
        Assert.That(
            LayerCheck.Order([new("Shop/Model", "Shop/Orders"), new("Shop/Orders")]),
            Has.One.EqualTo("Shop/Model uses Shop/Orders, which is not above it"));

    [Test]
    public void A_cycle_between_folders_is_reported_with_the_types_that_close_it() =>
        Assert.That(
            FolderCycles.Of([.. Allowed, Use("Shop/Model/Article", "Shop/Web/Pages/CartPage")]),
            Has.One.EqualTo(
                "cycle Shop/Model → Shop/Web → Shop/Orders → Shop/Model:"
                    + "\n    Shop/Model/Article uses Shop/Web/Pages/CartPage (in Member)"
                    + "\n    Shop/Web/Pages/CartPage uses Shop/Orders/Cart (in Member)"
                    + "\n    Shop/Orders/Cart uses Shop/Model/Article (in Member)"));

    [Test]
    public void A_cycle_between_a_folder_and_its_parent_is_reported() =>
        Assert.That(
            FolderCycles.Of([.. Allowed, Use("Shop/Web/Pages/CartPage", "Shop/Web/Site")]),
            Has.One.StartsWith("cycle Shop/Web → Shop/Web/Pages → Shop/Web:"));

    // neither Orders/Cart and Stock/Shelf nor the folders that hold them use each other directly
    [Test]
    public void A_cycle_between_parents_of_unrelated_folders_is_reported() =>
        Assert.That(
            FolderCycles.Of([Use("Shop/Orders/Cart/A", "Shop/Stock/Shelf/B"), Use("Shop/Stock/Count/C", "Shop/Orders/Open/D")]),
            Has.One.StartsWith("cycle Shop/Orders → Shop/Stock → Shop/Orders:"));

    private static TypeUse Use(string user, string used) => new(Type(user), Type(used), "Member");

    private static SourceType Type(string path) => new(Path.GetDirectoryName(path)!.Replace('\\', '/'), Path.GetFileName(path));
}
