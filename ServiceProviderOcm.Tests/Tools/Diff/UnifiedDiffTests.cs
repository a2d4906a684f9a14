using NUnit.Framework;
using ServiceProviderOcm.Core.Tools.Diff;

namespace ServiceProviderOcm.Tests.Tools.Diff;

public sealed class UnifiedDiffTests
{
    [TestCase("a b c", "a b c", "")]
    [TestCase("", "", "")]
    [TestCase("", "a b", "@@ -0,0 +1,2 @@|+a|+b")]
    [TestCase("a b", "", "@@ -1,2 +0,0 @@|-a|-b")]
    [TestCase("a b c", "a x c", "@@ -1,3 +1,3 @@| a|-b|+x| c")]
    [TestCase("1 2 3 4 5 x 6 7 8 9", "1 2 3 4 5 6 7 8 9", "@@ -3,7 +3,6 @@| 3| 4| 5|-x| 6| 7| 8")]
    [TestCase("a 1 2 3 4 5 6 b", "x 1 2 3 4 5 6 y", "@@ -1,8 +1,8 @@|-a|+x| 1| 2| 3| 4| 5| 6|-b|+y")]
    [TestCase("a 1 2 3 4 5 6 7 b", "x 1 2 3 4 5 6 7 y", "@@ -1,4 +1,4 @@|-a|+x| 1| 2| 3|@@ -6,4 +6,4 @@| 5| 6| 7|-b|+y")]
    public void Lines_are_compared_as_by_diff(string from, string to, string expected) =>
        Assert.That(string.Join('|', UnifiedDiff.Of(Lines(from), Lines(to))), Is.EqualTo(expected));

    [Test]
    public void Texts_too_large_to_align_are_replaced_as_a_whole()
    {
        string[] from = [.. Enumerable.Range(0, 3000).Select(number => $"a{number}"), "same", "a"];
        string[] to = [.. Enumerable.Range(0, 3000).Select(number => $"b{number}"), "same", "b"];

        var diff = UnifiedDiff.Of(from, to);

        Assert.That(diff.Count(line => line[0] == '-'), Is.EqualTo(3002));
        Assert.That(diff.Count(line => line[0] == '+'), Is.EqualTo(3002));
    }

    private static string[] Lines(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
