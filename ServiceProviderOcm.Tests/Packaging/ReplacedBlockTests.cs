using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Files;

namespace ServiceProviderOcm.Tests.Packaging;

/// <summary><c>scripts/replace-block</c>, which writes measured figures into the documentation.</summary>
public sealed class ReplacedBlockTests
{
    private const string Text = "before\n<!-- one -->\nold\n<!-- end -->\nbetween\n<!-- two -->\n<!-- end -->\nafter\n";

    [TestCase("one", "| a | 1 |\n\n\\b & c\n", "before\n<!-- one -->\n| a | 1 |\n\n\\b & c\n<!-- end -->\nbetween\n<!-- two -->\n<!-- end -->\nafter\n")]
    [TestCase("two", "new", "before\n<!-- one -->\nold\n<!-- end -->\nbetween\n<!-- two -->\nnew\n<!-- end -->\nafter\n")]
    public async Task Only_the_block_of_that_name_is_replaced(string name, string input, string expected) =>
        Assert.That(await ReplaceAsync(Text, name, input), Is.EqualTo((0, expected)));

    [TestCase(Text, "three", "new")]
    [TestCase(Text, "one", "")]
    [TestCase("<!-- one -->\nold\n", "one", "new")]
    [TestCase("<!-- one -->\n<!-- end -->\n<!-- one -->\n<!-- end -->\n", "one", "new")]
    public async Task A_file_without_exactly_one_such_block_stays_and_so_does_one_without_input(string text, string name, string input) =>
        Assert.That(await ReplaceAsync(text, name, input), Is.EqualTo((1, text)));

    private static async Task<(int Code, string Text)> ReplaceAsync(string text, string name, string input)
    {
        using var folder = new TestFolder();
        var file = folder.Write("page.md", text);
        var script = Path.Combine(RepositoryRoot.Find(), "scripts", "replace-block");
        var run = await Tool.RunAsync("bash", ["-c", "\"$1\" \"$2\" \"$3\" <\"$4\"", "bash", script, file, name, folder.Write("input", input)]);
        return (run.Code, await File.ReadAllTextAsync(file));
    }
}
