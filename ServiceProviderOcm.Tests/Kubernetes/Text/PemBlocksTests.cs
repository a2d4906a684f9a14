using System.Globalization;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Tests.Kubernetes.Text;

public sealed class PemBlocksTests
{
    [TestCase("", "")]
    [TestCase("text", "")]
    [TestCase("-----BEGIN A-----\nAAAA\n-----END A-----\n", "A 3 own")]
    [TestCase("x\n-----BEGIN A-----\r\nAA\r\nAA\r\n-----END A-----", "A 3 own")]
    [TestCase("-----BEGIN A----- AAAA -----END A-----", "A 3")]
    [TestCase("x -----BEGIN A-----\nAAAA\n-----END A-----\n", "A 3")]
    [TestCase("-----BEGIN A-----\n-----END A-----\n", "A 0 own")]
    [TestCase("-----BEGIN A-----\nAAAA\n-----END B-----\n", "A unreadable")]
    [TestCase("-----BEGIN A-----\nA*AA\n-----END A-----\n", "A unreadable own")]
    [TestCase("-----BEGIN A-----\nAAAA\n", "A unreadable")]
    [TestCase("-----BEGIN A-----\n-----BEGIN B-----\nAAAA\n-----END B-----\n", "A unreadable, B 3 own")]
    [TestCase("-----BEGIN A\n-----\n-----END A-----\n", " unreadable")]
    [TestCase("-----END A-----\n-----BEGIN A-----\nAAAA\n-----END A-----\n", "A 3 own")]
    [TestCase("-----BEGIN A-----\nAAAA\n-----END A-----\n-----BEGIN B-----\nAAAA\n-----END B-----\n", "A 3 own, B 3 own")]
    public void Blocks_are_found_in_one_pass(string text, string expected) => Assert.That(
        string.Join(", ", PemBlocks.Read(text).Select(block =>
            $"{block.Label} {block.Content?.Length.ToString(CultureInfo.InvariantCulture) ?? "unreadable"}{(block.HasOwnLines ? " own" : "")}")),
        Is.EqualTo(expected));
}
